// Plantilla de despliegue: API con Lambda. Una por tipo de solución; lo propio de cada servicio
// llega por parámetros, credenciales y variables/{ambiente}/*.json.
pipeline {
    agent { label 'aws' }
    parameters {
        choice(name: 'ENVIRONMENT', choices: ['dev', 'qa', 'prod'], description: 'Ambiente')
        string(name: 'VERSION', description: 'Versión publicada por el trabajo de construcción')
        string(name: 'PROMOTION_ID', defaultValue: '', description: 'Promoción de Interlock')
        string(name: 'MANIFEST_SHA256', defaultValue: '', description: 'Contenido aprobado')
        string(name: 'ATTEMPT', defaultValue: '1', description: 'Intento de la promoción')
    }
    environment {
        SERVICE = "${env.JOB_BASE_NAME.replaceFirst('deploy-', '')}"
        ACCOUNT = credentials("account-${params.ENVIRONMENT}")
    }
    options { disableConcurrentBuilds(); timeout(time: 45, unit: 'MINUTES') }
    stages {
        stage('Checkout') {
            steps { checkout scmGit(branches: [[name: "refs/tags/${SERVICE}/v${params.VERSION}"]]) }
        }
        stage('Verify promotion') {
            when { expression { params.ENVIRONMENT == 'prod' } }
            steps { sh 'interlock verify --promotion "$PROMOTION_ID" --digest "$MANIFEST_SHA256"' }
        }
        stage('Publish artifacts') {
            steps { sh 'aws s3 cp "dist/$VERSION.zip" "s3://andes-artifacts-$ACCOUNT-us-east-1/$SERVICE/$VERSION.zip"' }
        }
        stage('Deploy infrastructure') {
            steps { sh './bin/deploy-stacks "$SERVICE" "variables/$ENVIRONMENT"' }
        }
        stage('Smoke tests') {
            steps { sh './bin/smoke "$SERVICE" "$ENVIRONMENT"' }
            post { always { junit 'reports/smoke/*.xml' } }
        }
    }
    post { failure { sh './bin/notify "$SERVICE" "$ENVIRONMENT" failed' } }
}
